// Package dumptest writes dumps the way crashing processes do, for tests.
package dumptest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"

	"wolfdiag/dump"
)

// Cpptrace returns the binary layout of the frames.
func Cpptrace(frames []dump.Frame) []byte {
	out := binary.LittleEndian.AppendUint64(nil, uint64(len(frames)))
	return append(out, Records(frames)...)
}

// Records returns the 4120-byte records without the count.
func Records(frames []dump.Frame) []byte {
	var out []byte
	for _, f := range frames {
		rec := make([]byte, 4120)
		binary.LittleEndian.PutUint64(rec, f.Raw)
		binary.LittleEndian.PutUint64(rec[8:], f.Object)
		copy(rec[16:16+4096], f.Module)
		out = append(out, rec...)
	}
	return out
}

// CpptraceText returns the text layout of January 2024.
func CpptraceText(frames []dump.Frame) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "%d\n", len(frames))
	for _, f := range frames {
		path := make([]byte, 4097)
		copy(path[:4096], f.Module)
		fmt.Fprintf(&out, "%d %d %s\n", f.Object, f.Raw, path)
	}
	return out.Bytes()
}

// Boost returns boost's raw layout.
func Boost(frames []dump.Frame) []byte {
	var out []byte
	for _, f := range frames {
		out = binary.LittleEndian.AppendUint64(out, f.Raw)
	}
	return binary.LittleEndian.AppendUint64(out, 0)
}

// Printed returns the frames as cpptrace prints them: version 448c325 (always
// coloured, inlined frames right-aligned) or v0.8.2 (plain, left-aligned).
func Printed(frames []dump.Frame, v082 bool) string {
	blue, yellow, green, reset := "\x1b[34m", "\x1b[33m", "\x1b[32m", "\x1b[0m"
	inlined := "         (inlined)"
	if v082 {
		blue, yellow, green, reset = "", "", "", ""
		inlined = "(inlined)         "
	}
	total := 0
	for _, f := range frames {
		total += 1 + len(f.Inlined)
	}
	width := len(fmt.Sprint(total - 1))
	var out strings.Builder
	out.WriteString("Stack trace (most recent call first):\n")
	n := 0
	line := func(addr, function, file string, line, column int) {
		fmt.Fprintf(&out, "#%-*d %s", width, n, addr)
		n++
		if function != "" {
			fmt.Fprintf(&out, " in %s%s%s", yellow, function, reset)
		}
		if file != "" {
			fmt.Fprintf(&out, " at %s%s%s", green, file, reset)
			if line > 0 {
				fmt.Fprintf(&out, ":%s%d%s", blue, line, reset)
				if column > 0 {
					fmt.Fprintf(&out, ":%s%d%s", blue, column, reset)
				}
			}
		}
		out.WriteByte('\n')
	}
	for _, f := range frames {
		for _, in := range f.Inlined {
			line(inlined, in.Function, in.File, in.Line, in.Column)
		}
		file := f.File
		if file == "" {
			file = f.Module
		}
		line(fmt.Sprintf("%s0x%016x%s", blue, f.Raw, reset), f.Function, file, int(f.Line), int(f.Column))
	}
	return out.String()
}

// Process makes frames of one process: each object gets a load base of its own.
type Process map[string]uint64

// At returns the frame of an address in an object of the process.
func (p Process) At(module string, object uint64) dump.Frame {
	return dump.Frame{Raw: p[module] + object, Object: object, HasObject: true, Module: module}
}

// Typical objects of a Wolf container.
const (
	Wolf   = "/wolf/wolf"
	Libc   = "/lib/x86_64-linux-gnu/libc.so.6"
	Libcxx = "/lib/x86_64-linux-gnu/libstdc++.so.6"
	Gst    = "/usr/local/lib/x86_64-linux-gnu/libgstreamer-1.0.so.0"
	GLib   = "/lib/x86_64-linux-gnu/libglib-2.0.so.0"
)

// NewProcess returns a process with other load bases for each seed.
func NewProcess(seed uint64) Process {
	p := Process{}
	for i, m := range []string{Wolf, Libc, Libcxx, Gst, GLib} {
		base := uint64(0x7f0000000000)
		if m == Wolf {
			base = 0x550000000000
		}
		p[m] = base + (seed*0x9e3779b97f4a7c15>>40)<<12 + uint64(i)<<24
	}
	return p
}

// Segv returns the trace of a fault in own code, with 448c325's handler frames.
func (p Process) Segv(own ...uint64) []dump.Frame {
	out := []dump.Frame{p.At(Wolf, 0x4e1a), p.At(Libc, 0x4251f)}
	for _, a := range own {
		out = append(out, p.At(Wolf, a))
	}
	return append(out, p.At(Libc, 0x94ac2), p.At(Libc, 0x126a3f))
}
