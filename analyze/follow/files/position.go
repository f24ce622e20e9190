package files

import "time"

// Position is a place in a file that survives a restart of the program.
type Position struct {
	Device uint64 `json:"device"`
	Inode  uint64 `json:"inode"`
	Head   string `json:"head"`     // FNV-1a of the first Len bytes
	Len    int    `json:"head_len"` // up to 64
	Offset int64  `json:"offset"`   // where to go on
	// ReadTo is up to where the file was read, and Tail the hash of the 64 bytes
	// before: a copy of the file, too, is known by them.
	ReadTo int64     `json:"read_to,omitempty"`
	Tail   string    `json:"tail,omitempty"`
	Mod    time.Time `json:"mod,omitzero"` // when the file was last written, as then seen
}

// Valid reports whether there can be such a place.
func (p *Position) Valid() bool {
	return p != nil && p.Offset >= 0 && p.Len >= 0 && p.Len <= headSize && p.ReadTo >= 0
}

// position says where the reader stands.
func (n *inode) position() *Position {
	p := &Position{Head: n.sum, Len: len(n.head), Offset: n.offset, ReadTo: n.offset, Mod: n.mod}
	if len(n.tail) > 0 {
		p.Tail = hash(n.tail)
	}
	p.Device, p.Inode = n.id()
	return p
}

// fits reports whether a stored position was one in this file.
func (n *inode) fits(p *Position) (bool, error) {
	if d, i := n.id(); d != p.Device || i != p.Inode {
		return false, nil
	}
	return n.holds(p)
}

// holds reports whether the file has the content that a stored position was
// in: it is the file, or a copy of it.
func (n *inode) holds(p *Position) (bool, error) {
	if n.size < p.Offset || len(n.head) < p.Len || hash(n.head[:p.Len]) != p.Head {
		return false, nil
	}
	if p.Tail == "" || p.ReadTo > n.size || p.ReadTo < p.Offset {
		return true, nil
	}
	tail, err := n.before(p.ReadTo)
	return hash(tail) == p.Tail, err
}
