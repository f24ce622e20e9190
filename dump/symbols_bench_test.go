package dump_test

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"

	"wolfdiag/dump/symbol"
)

// benchObjects builds n objects and picks addresses of functions in each, about
// 200 in all.
func benchObjects(b *testing.B, n int) (dir string, addresses [][]symbol.Address, paths []string) {
	b.Helper()
	needTools(b, "g++", "addr2line")
	dir = b.TempDir()
	for i := range n {
		sub := filepath.Join(dir, fmt.Sprintf("o%02d", i))
		run(b, "mkdir", sub)
		binary := build(b, sub, "-O2", "-g", fmt.Sprintf("-DVARIANT=%d", 1+i))
		var list []symbol.Address
		for _, kind := range []string{"recursion", "throw"} {
			list = addressesOf(b, crash(b, binary, kind, sub))[binary]
			if len(list) > 0 && kind == "throw" {
				break
			}
		}
		// Around each frame more addresses, to have twelve an object.
		var more []symbol.Address
		for _, a := range list {
			more = append(more, symbol.Address{Offset: a.Offset})
			if len(more) < 12 {
				more = append(more, symbol.Address{Offset: a.Offset + 1})
			}
		}
		addresses = append(addresses, more)
		paths = append(paths, binary)
	}
	return dir, addresses, paths
}

// BenchmarkResolve looks up some 200 addresses in 17 objects, and does the same
// with addr2line, one process an object.
func BenchmarkResolve(b *testing.B) {
	dir, addresses, paths := benchObjects(b, 17)
	total := 0
	for _, a := range addresses {
		total += len(a)
	}
	b.Logf("%d addresses in %d objects", total, len(paths))
	b.Run("wolfdiag", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s, err := symbol.Open([]string{dir})
			if err != nil {
				b.Fatal(err)
			}
			for i, p := range paths {
				res := s.Resolve(context.Background(), p, [][]symbol.Address{addresses[i]})[0]
				if len(res.Locations) == 0 || len(res.Locations[0]) == 0 {
					b.Fatalf("%s: %q", p, res.Problem)
				}
			}
			s.Close()
		}
	})
	b.Run("addr2line", func(b *testing.B) {
		for b.Loop() {
			for i, p := range paths {
				args := []string{"-f", "-C", "-i", "-e", p}
				for _, a := range addresses[i] {
					args = append(args, fmt.Sprintf("0x%x", a.Offset))
				}
				if err := exec.Command("addr2line", args...).Run(); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}
