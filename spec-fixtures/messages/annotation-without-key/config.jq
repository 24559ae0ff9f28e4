.annotations={"":"x"}
