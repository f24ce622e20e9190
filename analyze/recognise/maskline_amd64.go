package recognise

// maskLine is maskLinePlain, 16 bytes at a time: a third of the time.
//
//go:noescape
func maskLine(dst *[maxMasked]byte, data []byte, xs *[xWords]uint64) (n int, sum uint64, some bool)
