package main

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// forgetCode tells the kernel that what is mapped of the program so far need not
// stay so. Half of what starting needs is not needed to read, half of what reading
// needs not for the report, and all of it counts as memory of the process. What is
// needed again is mapped again from the page cache, 64 KiB at a time.
//
// Only pages that cannot be written to and of which the process has no copy of its
// own are told of: those hold nothing but the file.
func forgetCode() {
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		return
	}
	defer f.Close()
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return
	}
	var start, end uint64 // of the mapping at hand, 0 when it is none of those
	for s := bufio.NewScanner(f); s.Scan(); {
		fields := strings.Fields(s.Text())
		switch {
		case len(fields) > 4 && strings.Contains(fields[0], "-"): // 00400000-00cc4000 r-xp 00000000 fe:00 262156    /usr/bin/wolfdiag
			start, end = 0, 0
			if from, to, _ := strings.Cut(fields[0], "-"); len(fields) == 6 && fields[5] == program && (fields[1] == "r-xp" || fields[1] == "r--p") {
				start, _ = strconv.ParseUint(from, 16, 64)
				end, _ = strconv.ParseUint(to, 16, 64)
			}
		case len(fields) == 3 && fields[0] == "Anonymous:" && fields[1] == "0" && 0 < start && start < end: // Anonymous:             0 kB
			_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, uintptr(start), uintptr(end-start), syscall.MADV_DONTNEED)
		}
	}
}
