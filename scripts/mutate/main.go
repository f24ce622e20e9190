// Command mutate says which faults the tests of a package would not notice. It
// changes the code in one place at a time (< for <=, && for ||, + for -, a
// statement left out), runs the package's tests on each change, and lists the
// changes that no test noticed, with the share of those that were.
//
//	go run ./scripts/mutate                       the deciding packages
//	go run ./scripts/mutate [FLAG]… PACKAGE[:FILE,FILE…][@TESTS]…
//
// TESTS is the package whose tests are run, where these do not stand beside the code:
// the rooms of analyze/timeline are tested through it. With -for, changes are taken in
// an order drawn once, as many as the time allows for each package, so that a score is
// one of a sample.
//
// All changes of a package are compiled into one test binary and switched on one
// by one, so that a change costs a run of the tests and no build (mutant schemata:
// Untch, Offutt, Harrold, "Mutation Analysis Using Mutant Schemata", ISSTA 1993).
// Tools that build once for each change were tried: they take ten times as long.
//
// A run that takes many times as long as that without a change counts as noticed. Read
// the list and not the score alone: a change may leave every result as it is,
// where it only makes something slower or loosens a bound that nobody reaches.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
)

// deciding are the packages that what a report says depends on; of patterns, the
// files that find a match.
var deciding = []string{
	"analyze/diagnose", "analyze/correlate", "analyze/timeline/clock@analyze/timeline", "analyze/timeline/lifetime@analyze/timeline",
	"analyze/timeline/leak", "dump/decode@dump", "dump/cluster@dump", "dump/signature@dump",
	"patterns:match.go,literaltable.go,need.go,wording.go",
}

func main() {
	short := flag.Bool("short", false, "leave out the tests that -short leaves out")
	jobs := flag.Int("jobs", runtime.NumCPU(), "runs side by side")
	verbose := flag.Bool("v", false, "list the changes that were noticed too")
	most := flag.Duration("for", 0, "try as many changes of a package as this time allows; 0: all")
	run := flag.String("run", "", "only tests of this name, as of go test")
	flag.Parse()
	targets := flag.Args()
	if len(targets) == 0 {
		targets = deciding
	}
	o := options{run: *run, short: *short, jobs: max(1, *jobs), verbose: *verbose, most: *most}
	for _, t := range targets {
		if err := o.target(t); err != nil {
			fmt.Fprintf(os.Stderr, "mutate: %s: %v\n", t, err)
			os.Exit(1)
		}
	}
}

type options struct {
	short, verbose bool
	run            string
	jobs           int
	most           time.Duration
}

// target measures one package and prints the result.
func (o options) target(name string) error {
	sites, err := o.measure(split(name))
	if err != nil {
		return err
	}
	report(name, sites, o.verbose)
	return nil
}

// target is what is changed, and whose tests are to notice.
type target struct {
	dir   string
	files []string // none: all
	tests string
}

// split takes PACKAGE:FILE,FILE@TESTS apart.
func split(name string) target {
	name, tests, _ := strings.Cut(name, "@")
	dir, only, _ := strings.Cut(name, ":")
	t := target{dir: dir, tests: cmp.Or(tests, dir)}
	if only != "" {
		t.files = strings.Split(only, ",")
	}
	return t
}

// measure returns the changes that can be made, each with what became of it.
func (o options) measure(t target) ([]*site, error) {
	work, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(work)
	sites, err := build(t, work)
	if err != nil {
		return nil, err
	}
	r := runner{options: o, dir: t.tests, binary: filepath.Join(work, "test"), reached: filepath.Join(work, "reached")}
	if err := r.baseline(sites); err != nil {
		return nil, err
	}
	r.all(sites)
	return sites, nil
}

func report(name string, sites []*site, verbose bool) {
	var noticed, late, alive, unreached int
	for _, s := range sites {
		switch s.outcome {
		case noticedByTest:
			noticed++
		case outOfTime:
			late++
		case survived:
			alive++
		case notReached:
			unreached++
		}
	}
	fmt.Print(name, ": ")
	if tried := noticed + late + alive; tried+unreached < len(sites) {
		fmt.Printf("a sample, %.1f %% of %d changes that tests reach noticed: %d by a test, %d by running out of time; %d not; of all %d, %d are in code that no test reaches\n",
			100*float64(noticed+late)/float64(max(tried, 1)), tried, noticed, late, alive, len(sites), unreached)
	} else {
		fmt.Printf("%.1f %% of %d changes noticed: %d by a test, %d by running out of time; %d not, %d of them in code that no test reaches\n",
			100*float64(noticed+late)/float64(max(len(sites), 1)), len(sites), noticed, late, alive+unreached, unreached)
	}
	for _, s := range sites {
		if verbose || s.outcome == survived || s.outcome == notReached {
			fmt.Printf("  %-12s %s:%d:%d  %s\n", s.outcome, s.pos.Filename, s.pos.Line, s.pos.Column, s.what)
		}
	}
}

type outcome string

const (
	noticedByTest outcome = "noticed"
	outOfTime     outcome = "out of time"
	survived      outcome = "survived"
	notReached    outcome = "not reached"
)

// runner runs the test binary of a package.
type runner struct {
	options
	dir, binary, reached string
	limit                time.Duration
}

// baseline runs the tests with no change: they must pass. It finds out how long
// they take and which places they reach.
func (r *runner) baseline(sites []*site) error {
	r.limit = 10 * time.Minute
	start := time.Now()
	if out, err := r.run("0", "MUTATE_REACHED="+r.reached); err != nil {
		return fmt.Errorf("the tests fail without a change: %w\n%s", err, out)
	}
	r.limit = max(20*time.Second, 10*time.Since(start))
	data, err := os.ReadFile(r.reached)
	if err != nil {
		return fmt.Errorf("which places are reached: %w", err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		seen[strings.TrimSpace(line)] = true
	}
	for _, s := range sites {
		if !seen[fmt.Sprint(s.number)] {
			s.outcome = notReached
		}
	}
	return nil
}

func (r *runner) run(number string, env ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), r.limit)
	defer cancel()
	args := []string{"-test.failfast", "-test.timeout=0"}
	if r.short {
		args = append(args, "-test.short")
	}
	if r.options.run != "" {
		args = append(args, "-test.run", r.options.run)
	}
	cmd := exec.CommandContext(ctx, r.binary, args...)
	cmd.Dir = r.dir
	cmd.Env = append(append(os.Environ(), "MUTATE="+number), env...)
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return out, ctx.Err()
	}
	return out, err
}

// all tries every change that is reached.
func (r *runner) all(sites []*site) {
	todo := make(chan *site)
	var workers sync.WaitGroup
	for range r.jobs {
		workers.Go(func() {
			for s := range todo {
				switch _, err := r.run(fmt.Sprint(s.number)); {
				case err == nil:
					s.outcome = survived
				case errors.Is(err, context.DeadlineExceeded):
					s.outcome = outOfTime
				default:
					s.outcome = noticedByTest
				}
			}
		})
	}
	start := time.Now()
	order := make([]int, len(sites))
	for i := range order {
		order[i] = i
	}
	if r.most > 0 {
		order = rand.New(rand.NewPCG(1, 1)).Perm(len(sites))
	}
	for _, i := range order {
		if r.most > 0 && time.Since(start) > r.most {
			break
		}
		if sites[i].outcome == "" {
			todo <- sites[i]
		}
	}
	close(todo)
	workers.Wait()
}
