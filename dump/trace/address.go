package trace

import "strings"

// PageMask has the bits of an address that randomisation leaves alone.
const PageMask = 0xfff

// CodeAddress accepts what can be a return address of a user process on amd64
// and arm64.
func CodeAddress(a uint64) bool { return a >= 1<<16 && a < 1<<47 }

// RawOnly reports whether no frame has an object or a name (boost's layout, or
// a libc without _dl_find_object); false when there are no frames.
func RawOnly(frames []Frame) bool {
	for i := range frames {
		if frames[i].Module != "" || frames[i].Function != "" {
			return false
		}
	}
	return len(frames) > 0
}

// BaseName returns the last part of a path, without the mark that Linux puts
// behind a file that was replaced while the process ran.
func BaseName(path string) string {
	path = strings.TrimSuffix(path, " (deleted)")
	return path[strings.LastIndexByte(path, '/')+1:]
}
