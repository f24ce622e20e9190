// Package mine finds the shapes of messages that no pattern explains.
//
// It follows Drain (He, Zhu, Zheng, Lyu: "Drain: An Online Log Parsing Approach
// with Fixed Depth Tree", ICWS 2017): messages are masked, cut into tokens,
// sent down a tree of fixed depth by level, component, length and first token,
// and joined with the most similar template of the leaf. Memory is bounded:
// when there are too many templates, new shapes of a component are counted
// together.
package mine

import (
	"strings"

	"wolfdiag/analyze/logline"
)

// Options of a Miner; zero values take the defaults.
type Options struct {
	MaxTemplates int     // default 1000; more shapes share one template a level and component
	Similarity   float64 // share of equal tokens that makes two messages one shape; default 0.6
	MaxTokens    int     // tokens of a message that are looked at; default 48
}

// Template is a shape of message. ID counts from 0 in order of appearance and
// stays; Text may become more general as messages join.
type Template struct {
	ID        int
	Level     logline.Level
	Component string
	Overflow  bool // stands for the shapes that found no room
	tokens    []string
}

// Text is the template as people read it: <n>, <hex>, <path>, … for what was
// masked and <*> for tokens that differ between messages.
func (t *Template) Text() string {
	if t.Overflow {
		return "(other messages of this component, too many shapes to list)"
	}
	return strings.Join(t.tokens, " ")
}

// Miner learns templates. It is not safe for concurrent use. What it learns
// depends on the order of messages alone.
type Miner struct {
	opts       Options
	leaves     map[leafKey][]*Template
	other      map[groupKey]*Template
	components map[string]bool // by name, as far as they are told apart
	all        []*Template
	buf        []byte
	toks       []string
}

type groupKey struct {
	level     logline.Level
	component string
}

type leafKey struct {
	groupKey
	tokens int
	first  string
}

// New makes an empty Miner.
func New(o Options) *Miner {
	if o.MaxTemplates <= 0 {
		o.MaxTemplates = 1000
	}
	if o.Similarity <= 0 {
		o.Similarity = 0.6
	}
	if o.MaxTokens <= 0 {
		o.MaxTokens = 48
	}
	return &Miner{opts: o, leaves: map[leafKey][]*Template{}, other: map[groupKey]*Template{}, components: map[string]bool{}}
}

// Templates lists all templates by ID; empty when nothing was learnt.
func (m *Miner) Templates() []*Template { return m.all }

// Learn returns the template of a message, making or widening one when needed.
// Cost: one pass over the message and a comparison with each template of its
// leaf (at most maxLeaf).
func (m *Miner) Learn(text []byte, level logline.Level, component []byte) *Template {
	m.buf = Mask(m.buf[:0], text)
	m.toks = m.tokens(m.toks[:0], string(m.buf))
	g := groupKey{level, m.component(component)}
	key := leafKey{g, len(m.toks), ""}
	if len(m.toks) > 0 {
		key.first = treeToken(m.toks[0])
	}
	leaf := m.leaves[key]
	if t := m.nearest(leaf); t != nil {
		t.join(m.toks)
		return t
	}
	if len(m.all) >= m.opts.MaxTemplates || len(leaf) >= maxLeaf {
		return m.overflow(g)
	}
	t := m.add(g)
	t.tokens = append([]string(nil), m.toks...)
	m.leaves[key] = append(leaf, t)
	return t
}

const (
	maxLeaf       = 100
	maxComponents = 200
)

// component keeps the number of groups bounded when a log invents components:
// once there are too many, those that are new share one without a name.
func (m *Miner) component(b []byte) string {
	s := string(Mask(nil, b))
	if m.components[s] {
		return s
	}
	if len(m.components) >= maxComponents {
		return ""
	}
	m.components[s] = true
	return s
}

func (m *Miner) add(g groupKey) *Template {
	t := &Template{ID: len(m.all), Level: g.level, Component: g.component}
	m.all = append(m.all, t)
	return t
}

// overflow is the template of everything that found no room in its group. The
// number of groups is bounded, so is the number of these.
func (m *Miner) overflow(g groupKey) *Template {
	t, ok := m.other[g]
	if !ok {
		if len(m.other) >= maxComponents {
			g.component = ""
			if t, ok = m.other[g]; ok {
				return t
			}
		}
		t = m.add(g)
		t.Overflow = true
		m.other[g] = t
	}
	return t
}

// tokens cuts at blanks, up to the limit.
func (m *Miner) tokens(dst []string, s string) []string {
	for len(dst) < m.opts.MaxTokens {
		s = strings.TrimLeft(s, " \t")
		if s == "" {
			break
		}
		i := strings.IndexAny(s, " \t")
		if i < 0 {
			i = len(s)
		}
		dst = append(dst, s[:i])
		s = s[i:]
	}
	return dst
}

// treeToken is what the tree branches on: a first token that varies would
// scatter one shape over many leaves.
func treeToken(s string) string {
	if strings.Contains(s, "<") {
		return maskAny
	}
	return s
}

// nearest finds the template that shares most tokens with the message, if that
// is enough; of equals the oldest.
func (m *Miner) nearest(leaf []*Template) *Template {
	var best *Template
	bestSame, n := -1, len(m.toks)
	for _, t := range leaf {
		same := 0
		for i, tok := range t.tokens {
			if tok == m.toks[i] {
				same++
			}
		}
		if same > bestSame {
			best, bestSame = t, same
		}
	}
	if best == nil || float64(bestSame) < m.opts.Similarity*float64(n) {
		return nil
	}
	return best
}

// join widens the template to cover the message.
func (t *Template) join(toks []string) {
	for i := range t.tokens {
		if t.tokens[i] != toks[i] {
			t.tokens[i] = maskAny
		}
	}
}
