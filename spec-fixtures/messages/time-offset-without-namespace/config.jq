.linux.timeOffsets={monotonic:{secs:5}}
