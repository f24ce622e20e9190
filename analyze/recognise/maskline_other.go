//go:build !amd64

package recognise

// maskLine is maskLinePlain.
func maskLine(dst *[maxMasked]byte, data []byte, xs *[xWords]uint64) (n int, sum uint64, some bool) {
	return maskLinePlain(dst, data, xs)
}
