package lazyset

import (
	"sync"
	"testing"
)

var colours = New(`red green
	blue`)

func TestSet(t *testing.T) {
	for word, want := range map[string]bool{"red": true, "green": true, "blue": true, "": false, "re": false, "red green": false} {
		if got := colours.Has(word); got != want {
			t.Errorf("Has(%q) = %v, want %v", word, got, want)
		}
		if got := colours.HasBytes([]byte(word)); got != want {
			t.Errorf("HasBytes(%q) = %v, want %v", word, got, want)
		}
	}
	if New("").Has("") {
		t.Error("a set of no words has the empty one")
	}
}

// TestSetIsLazy: a set holds nothing before it is asked, and many may ask first.
func TestSetIsLazy(t *testing.T) {
	s := New("a b c")
	if s.set != nil {
		t.Fatal("New has built the set")
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if !s.Has("c") {
				t.Error("c is not there")
			}
		})
	}
	all.Wait()
	word := []byte("c")
	if n := testing.AllocsPerRun(10, func() { s.HasBytes(word) }); n != 0 {
		t.Errorf("a look-up takes memory %v times", n)
	}
}
