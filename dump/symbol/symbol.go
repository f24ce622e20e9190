// Package symbol turns addresses of ELF objects into functions, files and lines.
package symbol

// Address is an address to look up.
type Address struct {
	Offset uint64 // relative to the object's load base
	// Return: the address lies one byte before a return address, so a call
	// instruction has to end right there. It serves to tell the right build.
	Return bool
}

// Location is one function at an address.
type Location struct {
	Function string // demangled, in full; "" when only the line is known
	File     string
	Line     int
	Column   int
	// Bare is the name of the source alone, without namespace and parameters, where
	// debug information has no other for a function in which others are expanded:
	// what addr2line and Wolf's log call it. "" otherwise.
	Bare string
}

// Result is what one object has to say.
type Result struct {
	Binary  string // file used; "" when none
	Debug   string // separate debug file used; "" when none
	BuildID string // of Binary, in hex
	Checked int    // return addresses looked at
	Fit     int    // of these, preceded by a call
	// Unverified: there were too few return addresses to tell the build by, so that
	// the names may be those of another one.
	Unverified bool
	Problem    string // why there are no names, or what is missing; "" when all is well
	// Locations has an entry for each address: the functions expanded there,
	// innermost first, the function itself last; nil when nothing is known.
	Locations [][]Location
}
