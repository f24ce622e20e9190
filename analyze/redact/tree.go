package redact

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Into fills out with a masked copy of v by way of JSON: it goes over every
// string, so that a field added later is not forgotten. v is left alone.
func (r *Redactor) Into(v, out any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("redact: %w", err)
	}
	tree, err := r.document(raw)
	if err != nil {
		return err
	}
	if raw, err = json.Marshal(tree); err != nil {
		return fmt.Errorf("redact: %w", err)
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return fmt.Errorf("redact: %w", err)
	}
	return nil
}

// Tree returns a masked copy of v as json.Unmarshal into an any makes it, with
// numbers as they are written.
func (r *Redactor) Tree(v any) (any, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("redact: %w", err)
	}
	return r.document(raw)
}

func (r *Redactor) document(raw []byte) (any, error) {
	var tree any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&tree); err != nil {
		return nil, fmt.Errorf("redact: %w", err)
	}
	return r.walk(tree, ""), nil
}

// walk masks the strings of a document in the order of its sorted keys, which
// are those of a program and stay.
func (r *Redactor) walk(v any, key string) any {
	switch v := v.(type) {
	case string:
		if isMoment(v) {
			return v
		}
		return r.field(key, v)
	case []any:
		for i := range v {
			v[i] = r.walk(v[i], key)
		}
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			v[k] = r.walk(v[k], k)
		}
	}
	return v
}

// isMoment reports whether a string is a time of RFC 3339, which must stay one.
func isMoment(s string) bool {
	if len(s) < 20 || len(s) > 40 || s[4] != '-' || !strings.Contains(s, "T") {
		return false
	}
	_, err := time.Parse(time.RFC3339Nano, s)
	return err == nil
}
