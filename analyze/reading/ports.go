package reading

import "bytes"

// wolfPort reports whether a number is that of a port that Wolf listens on.
func wolfPort(n int) bool {
	switch n {
	case 47984, 47989, 47998, 47999, 48000, 48002, 48010, 48100, 48200:
		return true
	}
	return false
}

// portOf is the port in tcp://0.0.0.0:48010?listen=1; 0 when there is none.
func portOf(url []byte) int {
	n := 0
	for _, c := range url[bytes.LastIndexByte(url, ':')+1:] {
		if !digit(c) || n > 1<<16 {
			break
		}
		n = n*10 + int(c-'0')
	}
	return n
}
