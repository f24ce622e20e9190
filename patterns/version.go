package patterns

import (
	"fmt"
	"hash"
	"hash/fnv"
)

// version is a running hash over files.
type version struct{ h hash.Hash64 }

func newVersion() version { return version{fnv.New64a()} }

func (v version) add(name string, content uint64) {
	fmt.Fprintf(v.h, "%s\x00%016x\x00", name, content)
}

// fileHash is the hash of a file's text.
func fileHash(data []byte) uint64 {
	h := fnv.New64a()
	h.Write(data)
	return h.Sum64()
}

// String is the hash of what was added so far, 16 hex digits.
func (v version) String() string { return fmt.Sprintf("%016x", v.h.Sum64()) }
