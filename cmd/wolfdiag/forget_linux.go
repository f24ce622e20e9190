package main

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// forgetCode tells the kernel that the code which is mapped so far need not stay
// so. Half of what starting needs is not needed to read, half of what reading
// needs not for the report, and all of it counts as memory of the process. What is
// needed again is mapped again from the page cache, 64 KiB at a time. Only pages
// without the right to write are told of, which hold nothing but the program.
func forgetCode() {
	f, err := os.Open("/proc/self/maps")
	if err != nil {
		return
	}
	defer f.Close()
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return
	}
	for s := bufio.NewScanner(f); s.Scan(); {
		// 00400000-00cc4000 r-xp 00000000 fe:00 262156    /usr/bin/wolfdiag
		fields := strings.Fields(s.Text())
		if len(fields) != 6 || fields[1] != "r-xp" || fields[5] != program {
			continue
		}
		from, to, _ := strings.Cut(fields[0], "-")
		start, err1 := strconv.ParseUint(from, 16, 64)
		end, err2 := strconv.ParseUint(to, 16, 64)
		if err1 == nil && err2 == nil && start < end {
			_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, uintptr(start), uintptr(end-start), syscall.MADV_DONTNEED)
		}
	}
}
