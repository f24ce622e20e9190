package reading

// maxStem is the longest word that is looked up.
const maxStem = 28

// stem cuts the endings of English inflection from a lower-case word, in place:
// "refused", "refuses", "refusing" and "refuse" give one stem. It need not be a
// word, it only has to be the same for the vocabulary and for a text (after
// Porter, "An algorithm for suffix stripping", Program 14, 1980, much reduced).
func stem(w []byte) []byte {
	n := len(w)
	if n < 4 {
		return w
	}
	has := func(end string) bool { return n > len(end)+2 && string(w[n-len(end):n]) == end }
	switch {
	case has("ies"):
		n -= 3
		w[n] = 'y'
		n++
	case has("sses"):
		n -= 2
	case has("ss"), has("us"), has("is"):
	case has("s"):
		n--
	}
	switch {
	case has("ing"):
		n -= 3
	case has("ed"):
		n -= 2
	case has("ion"):
		n -= 3
	}
	if n > 3 && w[n-1] == 'e' {
		n--
	}
	if n > 3 && w[n-1] == w[n-2] && w[n-1] >= 'a' {
		n--
	}
	return w[:n]
}
