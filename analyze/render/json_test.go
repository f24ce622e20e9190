package render

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"wolfdiag/analyze/report"
)

type oddity struct {
	Time    time.Time      `json:"time"`
	Empty   string         `json:"empty,omitempty"`
	Nil     *oddity        `json:"nil"`
	None    []int          `json:"none"`
	Zero    []string       `json:"zero"`
	Bytes   []byte         `json:"bytes"`
	Map     map[string]any `json:"map"`
	Any     any            `json:"any"`
	Left    int            `json:"-"`
	Inner   struct{}       `json:"inner"`
	Matrix  [][]int        `json:"matrix"`
	Array   [2]bool        `json:"array"`
	Deep    *oddity        `json:"deep,omitempty"`
	Floats  []float64      `json:"floats"`
	Strings []*string      `json:"strings"`
}

type tagged struct {
	N int `json:"n,string"`
	M int
}

type embedding struct {
	tagged
	List []tagged `json:"list"`
}

// TestWriteJSON: piece by piece, the text is that of an encoder.
func TestWriteJSON(t *testing.T) {
	s := "<a> & \u2028 \xff\"\n"
	deep := &oddity{Zero: []string{s, ""}, Matrix: [][]int{{}, {1, 2}, nil}, Map: map[string]any{"b": s, "a": []int{1}}, Any: report.Where{Text: s}, Strings: []*string{&s, nil}}
	values := []any{
		nil, 1, s, []int(nil), []int{}, struct{}{}, &oddity{}, oddity{Zero: []string{}, Deep: deep}, deep, []*oddity{deep, nil}, []byte("abc"), (*oddity)(nil),
		tagged{1, 2}, embedding{tagged{1, 2}, []tagged{{3, 4}}}, map[string]int{"x": 1}, json.RawMessage(`{"a":[1,2]}`), time.Unix(1, 0).UTC(),
		struct {
			A string `json:"a,omitempty"`
		}{}, hostileReport(hostile), &report.Report{},
	}
	files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "golden", "*.json"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%d goldens, %v", len(files), err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		r := new(report.Report)
		if json.Unmarshal(b, r) == nil {
			values = append(values, r)
		}
	}
	for _, v := range values {
		var got, want bytes.Buffer
		if err := writeJSON(&got, v); err != nil {
			t.Fatal(err)
		}
		enc := json.NewEncoder(&want)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(v); err != nil {
			t.Fatal(err)
		}
		if got.String() != want.String() {
			t.Errorf("%T:\n%s\nwant\n%s", v, got.String(), want.String())
		}
	}
	for _, bad := range []any{math.NaN(), oddity{Floats: []float64{1, math.Inf(1)}}, make(chan int)} {
		if err := writeJSON(new(bytes.Buffer), bad); err == nil {
			t.Errorf("%T was written", bad)
		}
	}
}
