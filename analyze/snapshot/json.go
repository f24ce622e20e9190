package snapshot

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// jsonBegin reports whether text begins as a JSON object or a list of objects
// does, which "[a link](…)" and "{name}" in a text are not:
//
//	{"success":true,"sessions":[
//	[
//	    {
//	        "Id": "9b2…",
func jsonBegin(b []byte) bool {
	const blanks = " \t\n\r\f"
	if rest, ok := bytes.CutPrefix(b, []byte("[")); ok {
		b = bytes.TrimLeft(rest, blanks)
	}
	rest, ok := bytes.CutPrefix(b, []byte("{"))
	return ok && bytes.HasPrefix(bytes.TrimLeft(rest, blanks), []byte(`"`))
}

// jsonStart returns where the JSON value of a paste begins, -1 without one.
func jsonStart(b []byte) int {
	for pos := 0; ; {
		line := bytes.TrimLeft(b[pos:], " \t")
		if jsonBegin(line) {
			return len(b) - len(line)
		}
		i := bytes.IndexByte(line, '\n')
		if i < 0 {
			return -1
		}
		pos = len(b) - len(line) + i + 1
	}
}

// jsonPart cuts the JSON value out of a paste: from its first bracket, and up
// to the Markdown fence that ends it. start is where it begins in b.
func jsonPart(b []byte) (part []byte, start int) {
	start = jsonStart(b)
	if start < 0 {
		return nil, 0
	}
	part = b[start:]
	if i := bytes.Index(part, []byte("\n```")); i >= 0 {
		part = part[:i]
	}
	return part, start
}

// reply is one of Wolf's list replies.
type reply struct {
	began   bool // an object was there
	success *bool
	error   string
	lists   map[string][]map[string]any // sessions, lobbies, apps, clients
	end     int64                       // bytes read
}

func (r *reply) whole() int {
	n := 0
	for _, l := range r.lists {
		n += len(l)
	}
	return n
}

// readReply reads a reply object by object, so that one that is cut off gives
// what stands whole before the cut. Numbers are kept as json.Number: an id has
// more digits than a float64. base is where the reply begins in data.
func readReply(data []byte) (r reply, base int, err error) {
	raw, base := jsonPart(data)
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	err = r.read(dec)
	r.end = dec.InputOffset()
	var bad *json.SyntaxError
	switch {
	case errors.As(err, &bad):
		r.end = max(r.end, bad.Offset-1)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		r.end = int64(len(raw))
	}
	return r, base, err
}

func (r *reply) read(dec *json.Decoder) error {
	if err := expect(dec, '{'); err != nil {
		return err
	}
	r.began = true
	r.lists = map[string][]map[string]any{}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return err
		}
		switch key, _ := t.(string); key {
		case "sessions", "lobbies", "apps", "clients":
			err = r.list(dec, key)
		default:
			var v any
			if err = dec.Decode(&v); err != nil {
				break
			}
			if ok, is := v.(bool); is && key == "success" {
				r.success = &ok
			}
			if key == "error" {
				r.error = text(v)
			}
		}
		if err != nil {
			return err
		}
	}
	return expect(dec, '}')
}

// list reads the objects of a list; null and what is no object is passed over.
func (r *reply) list(dec *json.Decoder, key string) error {
	t, err := dec.Token()
	if err != nil || t == nil {
		return err
	}
	if t != json.Delim('[') {
		return fmt.Errorf("expected a list of %s, got %v", key, t)
	}
	for dec.More() {
		var v any
		if err := dec.Decode(&v); err != nil {
			return err
		}
		if m, ok := v.(map[string]any); ok {
			r.lists[key] = append(r.lists[key], m)
		}
	}
	return expect(dec, ']')
}

func expect(dec *json.Decoder, want json.Delim) error {
	t, err := dec.Token()
	if err == nil && t != want {
		err = fmt.Errorf("expected %v, got %v", want, t)
	}
	return err
}

// text is a string or number as text; "" for anything else.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return clip(v)
	case json.Number:
		return clip(v.String())
	}
	return ""
}

// whole is a number, or a string of digits, as a count that can be true of a
// screen; 0 for anything else.
func whole(v any) int {
	n, err := strconv.ParseFloat(text(v), 64)
	if err != nil || !(n >= 0 && n <= 1e6) {
		return 0
	}
	return int(n)
}
