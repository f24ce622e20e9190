// Package reading reads complaints whose wording no pattern of the catalogue
// knows: who could not do what to which thing, and why.
//
// A complaint is cut into words once. Words and phrases, error numbers, result
// codes and the shapes of paths and names say reasons and objects; a short table
// of rules says which causes a class of complaints speaks for, and how weakly.
// There are no regular expressions and no texts of particular programs here: a
// known text is the catalogue's affair, and what is read never outranks it.
//
// Everything is deterministic, free of I/O and safe for concurrent use. Reading
// takes some microseconds and allocates nothing but the strings it returns.
package reading

import (
	"wolfdiag/analyze/speaker"
)

// Complaint is one record that complains.
type Complaint struct {
	Text      []byte // the message, its lines joined by \n, in English where the catalogue has the wording
	Component []byte // what the record calls its part of the program; may be empty
	Function  []byte // the function that a debug log names; may be empty
	Program   string // who says it, by name; may be empty
	Speaker   speaker.Class
}

// Reading is what a complaint says.
type Reading struct {
	Rule      int    // position in Rules
	Second    int    // another rule that fits and speaks for other causes; -1 when there is none
	Reason    Reason // the one that the rule was chosen for
	Object    Object // the kind of thing
	Name      string // the thing itself, as it stands in the text; empty when it has no name
	Operation string // what was tried: "open", "mount"; empty when it does not say
	Code      string // the error or result code as it stands in the text; empty when there is none
	Counts    bool   // a text that differs in a number alone may be read otherwise
}
