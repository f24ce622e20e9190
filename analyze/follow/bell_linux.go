package follow

import (
	"encoding/binary"
	"fmt"
	"os"
	"sync"
	"syscall"
)

// bell tells the readers of quiet files that something was written, so that
// they need not look often. It is a hint and no more: one that comes late or
// never, as for what other machines write, costs a delay and nothing else.
type bell struct {
	f     *os.File // inotify
	ended chan struct{}
	mu    sync.Mutex
	rings map[int32]chan<- struct{} // by watch
}

// newBell returns nil where there is none to be had.
func newBell() *bell {
	fd, err := syscall.InotifyInit1(syscall.IN_CLOEXEC | syscall.IN_NONBLOCK)
	if err != nil {
		return nil
	}
	b := &bell{f: os.NewFile(uintptr(fd), "inotify"), ended: make(chan struct{}), rings: map[int32]chan<- struct{}{}}
	go b.listen()
	return b
}

// arm has ring receive once, when f is written, truncated, renamed or deleted
// next. It reports whether that can be hoped for.
func (b *bell) arm(f *os.File, ring chan<- struct{}) bool {
	if b == nil {
		return false
	}
	c, err := b.f.SyscallConn()
	if err != nil {
		return false
	}
	b.mu.Lock() // before the watch is there, so that its event finds the ring
	defer b.mu.Unlock()
	const what = syscall.IN_MODIFY | syscall.IN_ATTRIB | syscall.IN_MOVE_SELF | syscall.IN_DELETE_SELF | syscall.IN_ONESHOT
	var watch int
	failed := c.Control(func(fd uintptr) {
		watch, err = syscall.InotifyAddWatch(int(fd), fmt.Sprintf("/proc/self/fd/%d", f.Fd()), what)
	})
	if failed != nil || err != nil {
		return false
	}
	b.rings[int32(watch)] = ring
	return true
}

func (b *bell) listen() {
	defer close(b.ended)
	buf := make([]byte, 4096)
	for {
		n, err := b.f.Read(buf)
		if err != nil {
			return // closed
		}
		for e := buf[:n]; len(e) >= syscall.SizeofInotifyEvent; {
			b.ring(int32(binary.NativeEndian.Uint32(e)))
			e = e[min(len(e), syscall.SizeofInotifyEvent+int(binary.NativeEndian.Uint32(e[12:]))):]
		}
	}
}

// ring is called for each event of a watch, which the first one ends.
func (b *bell) ring(watch int32) {
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case b.rings[watch] <- struct{}{}:
	default: // it rings already, or nobody waits
	}
	delete(b.rings, watch)
}

func (b *bell) close() {
	if b != nil {
		b.f.Close()
		<-b.ended
	}
}
