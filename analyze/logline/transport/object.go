package transport

import (
	"wolfdiag/analyze/logline/jsonscan"
	"wolfdiag/analyze/logline/record"
)

// objects are the transports that wrap each message in a JSON object, in the
// order in which they are tried. starts says whether an object may begin with a
// key, so that an object of another kind costs one look; read takes the object
// at b off, whose first field is f and whose others o goes on to. It returns
// false when it is none of its kind.
//
// A new one also belongs in DigitsMatter, unless all of its numbers but the time
// are without meaning, and in KeysDecide when its first key is not enough.
var objects = [...]struct {
	starts func(key []byte) bool
	read   func(st *State, b []byte, o jsonscan.Object, f jsonscan.Field, r *record.Record) (inner []byte, ok bool)
}{
	{dockerKey, dockerJSON},
	{journaldKey, journaldJSON},
}

// object takes a JSON object off, by the table above.
func object(st *State, b []byte, r *record.Record) ([]byte, bool) {
	if len(b) > 2 && b[1] == '\\' && b[2] == '"' { // a whole line pasted with its quotes escaped
		b = jsonscan.Text(st.Arena, b)
	}
	o, ok := jsonscan.Open(b)
	if !ok {
		return b, false
	}
	f, ok := o.Next()
	if !ok {
		return b, false
	}
	for i := range objects {
		if !objects[i].starts(f.Key) {
			continue
		}
		if inner, ok := objects[i].read(st, b, o, f, r); ok {
			return inner, true
		}
	}
	return b, false
}
