.ociVersion="banana"
