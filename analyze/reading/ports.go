package reading

// wolfPort reports whether a number is that of a port that Wolf listens on.
func wolfPort(n int) bool {
	switch n {
	case 47984, 47989, 47998, 47999, 48000, 48002, 48010, 48100, 48200:
		return true
	}
	return false
}
