package diagnose

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// TestAdd: of one pattern seen several times in a unit the earliest known time
// counts, and what was seen in the unit itself is no context.
func TestAdd(t *testing.T) {
	t.Parallel()
	dated := func(order float64) observed { return observed{id: "p", count: 1, order: order} }
	undated := observed{id: "p", count: 2, undated: true}
	context := observed{id: "p", count: 1, order: -3600, context: true}
	for _, tt := range []struct {
		name string
		seen []observed
		want observed
	}{
		{"later", []observed{dated(3), dated(5)}, observed{id: "p", count: 2, order: 3}},
		{"earlier", []observed{dated(5), dated(3)}, observed{id: "p", count: 2, order: 3}},
		{"undated after dated", []observed{dated(5), undated}, observed{id: "p", count: 3, order: 5}},
		{"dated after undated", []observed{undated, dated(-5)}, observed{id: "p", count: 3, order: -5}},
		{"dated after undated, later than zero", []observed{undated, dated(5)}, observed{id: "p", count: 3, order: 5}},
		{"both undated", []observed{undated, undated}, observed{id: "p", count: 4, undated: true}},
		{"context and here", []observed{dated(5), context}, observed{id: "p", count: 2, order: -3600}},
		{"context twice", []observed{context, context}, observed{id: "p", count: 2, order: -3600, context: true}},
	} {
		var u unit
		var at places
		for _, o := range tt.seen {
			u.add(o, &at)
		}
		if len(u.seen) != 1 || u.seen[0] != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, u.seen, tt.want)
		}
	}
}

// TestKey: units that show the same have one key, and others have another.
func TestKey(t *testing.T) {
	t.Parallel()
	units := []unit{
		{}, {seen: []observed{{id: "a"}}}, {seen: []observed{{id: "b"}}}, {seen: []observed{{id: "ab"}}}, {seen: []observed{{id: "a"}, {id: "b"}}},
		{seen: []observed{{id: "a", context: true}}}, {seen: []observed{{id: "a", undated: true}}}, {seen: []observed{{id: "a", order: longAgo}}},
		{seen: []observed{{id: "a", order: 61}, {id: "b"}}}, {seen: []observed{{id: "a"}, {id: "b", order: 61}}}, {seen: []observed{{id: "a", undated: true}, {id: "b", order: 1}}},
	}
	first := map[string]int{}
	for i := range units {
		key := string(units[i].key(nil, nil))
		if k, ok := first[key]; ok {
			t.Errorf("%+v and %+v have one key %q", units[k], units[i], key)
		}
		first[key] = i
		if again := string((&unit{seen: units[i].seen, lifetime: 7}).key(nil, nil)); again != key {
			t.Errorf("%q and %q are of what shows the same", key, again)
		}
	}
}

// TestUnitsTakeComplaintsOnly: what stands between the complaints of an episode
// and is none is not judged.
func TestUnitsTakeComplaintsOnly(t *testing.T) {
	t.Parallel()
	m := smallModel(Ablation{})
	runs := []Run{at(0, "full"), at(1, "noise"), inLife(1, at(1.5, "start")), at(2, "black")}
	units := m.units(runs, m.Episodes(runs), nil)
	if len(units) != 1 {
		t.Fatalf("%d units", len(units))
	}
	want := []observed{{id: "black", count: 1, order: 2, last: 3}, {id: "full", count: 1}}
	if diff := gocmp.Diff(want, units[0].seen, gocmp.AllowUnexported(observed{})); diff != "" {
		t.Errorf("seen (-want +got):\n%s", diff)
	}
}

// TestFactUnits: a lifetime is judged once, whatever names a cause in it.
func TestFactUnits(t *testing.T) {
	t.Parallel()
	m := smallModel(Ablation{})
	loop := func(life int) Fact { return Fact{ID: "fact-loop", Lifetime: life} }
	for _, tt := range []struct {
		name  string
		runs  []Run
		facts []Fact
		want  []int // lifetimes of the units
	}{
		{"of a lifetime with complaints", []Run{at(0, "full")}, []Fact{loop(0)}, []int{0}},
		{"of the first lifetime, without", nil, []Fact{loop(0)}, []int{0}},
		{"twice", nil, []Fact{loop(2), loop(2)}, []int{2}},
		{"of two", nil, []Fact{loop(2), loop(3)}, []int{2, 3}},
		{"of none, beside complaints", []Run{at(0, "full")}, []Fact{loop(-1)}, []int{0}},
		{"of none, alone", nil, []Fact{loop(-1)}, []int{-1}},
		{"one that names no cause", nil, []Fact{{ID: "fact-full", Lifetime: 0}}, nil},
	} {
		var got []int
		for _, u := range m.units(tt.runs, m.Episodes(tt.runs), tt.facts) {
			got = append(got, u.lifetime)
		}
		if diff := gocmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}
