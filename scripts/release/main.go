// Command release builds what is published: for each platform an archive with
// the program, its manual, completions, README and licence, and SHA256SUMS over
// all. The same commit gives the same bytes, wherever and whenever it is built:
// paths are trimmed, and files have the time of the commit.
//
//	go run ./scripts/release -o dist            # all platforms
//	go run ./scripts/release -o dist -targets linux/amd64
package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

const platforms = "linux/amd64,linux/arm64,darwin/amd64,darwin/arm64,windows/amd64,windows/arm64"

func main() {
	out := flag.String("o", "dist", "folder for the archives; made anew")
	targets := flag.String("targets", platforms, "platforms, as GOOS/GOARCH, with commas")
	flag.Parse()
	if err := release(*out, strings.Split(*targets, ",")); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

// file is one file of an archive.
type file struct {
	name string
	mode int64
	data []byte
}

func release(out string, targets []string) error {
	version, when, err := commit()
	if err != nil {
		return err
	}
	if err := errors.Join(os.RemoveAll(out), os.MkdirAll(filepath.Join(out, "files"), 0o755)); err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "wolfdiag-release-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	host := filepath.Join(work, "host"+exe(runtime.GOOS))
	if err := build(host, runtime.GOOS, runtime.GOARCH); err != nil {
		return err
	}
	common, err := documents(host)
	if err != nil {
		return err
	}
	for _, f := range common { // for packages: packaging/nfpm.yaml
		name := filepath.Join(out, "files", filepath.Base(f.name))
		if err := errors.Join(os.WriteFile(name, f.data, 0o644), os.Chtimes(name, when, when)); err != nil {
			return err
		}
	}
	var sums []string
	for _, target := range targets {
		system, arch, ok := strings.Cut(target, "/")
		if !ok {
			return fmt.Errorf("%q: want GOOS/GOARCH", target)
		}
		program := filepath.Join(out, "files", fmt.Sprintf("wolfdiag-%s-%s%s", system, arch, exe(system)))
		if err := build(program, system, arch); err != nil {
			return err
		}
		data, err := os.ReadFile(program)
		if err := errors.Join(err, os.Chtimes(program, when, when)); err != nil {
			return err
		}
		folder := fmt.Sprintf("wolfdiag-%s-%s-%s", version, system, arch)
		list := append([]file{{"wolfdiag" + exe(system), 0o755, data}}, common...)
		pack, ending := tarball, ".tar.gz"
		if system == "windows" {
			pack, ending = zipped, ".zip"
		}
		archive, err := pack(folder, list, when)
		if err != nil {
			return fmt.Errorf("%s: %w", folder, err)
		}
		if err := os.WriteFile(filepath.Join(out, folder+ending), archive, 0o644); err != nil {
			return err
		}
		sums = append(sums, fmt.Sprintf("%x  %s\n", sha256.Sum256(archive), folder+ending))
		fmt.Print(sums[len(sums)-1])
	}
	slices.SortFunc(sums, func(a, b string) int { return strings.Compare(a[66:], b[66:]) })
	return os.WriteFile(filepath.Join(out, "SHA256SUMS"), []byte(strings.Join(sums, "")), 0o644)
}

// commit is the version to name archives after, and the time of the commit.
func commit() (version string, when time.Time, err error) {
	described, err := output("git", "describe", "--tags", "--always", "--dirty")
	if err != nil {
		return "", when, err
	}
	stamp, err := output("git", "log", "-1", "--format=%ct")
	if err != nil {
		return "", when, err
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return "", when, fmt.Errorf("time of the commit: %w", err)
	}
	return strings.TrimPrefix(described, "v"), time.Unix(seconds, 0).UTC(), nil
}

func exe(system string) string {
	if system == "windows" {
		return ".exe"
	}
	return ""
}

func build(to, system, arch string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=true", "-tags=urfave_cli_no_docs", "-ldflags=-s -w -buildid=", "-o", to, "./cmd/wolfdiag")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+system, "GOARCH="+arch, "GOAMD64=v1")
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build for %s/%s: %w: %s", system, arch, err, text)
	}
	return nil
}

// documents are the files that come with every program, made by the program
// itself where it can.
func documents(program string) ([]file, error) {
	var list []file
	for _, name := range []string{"LICENSE", "README.md", "CHANGELOG.md"} {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		list = append(list, file{name, 0o644, data})
	}
	for _, made := range []struct {
		name string
		args []string
	}{
		{"man/wolfdiag.1", []string{"man"}},
		{"completion/wolfdiag.bash", []string{"completion", "bash"}},
		{"completion/_wolfdiag", []string{"completion", "zsh"}},
		{"completion/wolfdiag.fish", []string{"completion", "fish"}},
	} {
		text, err := output(program, made.args...)
		if err != nil {
			return nil, err
		}
		list = append(list, file{made.name, 0o644, []byte(text + "\n")})
	}
	return list, nil
}

func output(name string, args ...string) (string, error) {
	var errs bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, errs.String())
	}
	return strings.TrimSpace(string(out)), nil
}

func tarball(folder string, list []file, when time.Time) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, f := range list {
		h := &tar.Header{Name: folder + "/" + f.name, Mode: f.mode, Size: int64(len(f.data)), ModTime: when, Format: tar.FormatPAX}
		if err := w.WriteHeader(h); err != nil {
			return nil, err
		}
		if _, err := w.Write(f.data); err != nil {
			return nil, err
		}
	}
	err := errors.Join(w.Close(), z.Close())
	return b.Bytes(), err
}

func zipped(folder string, list []file, when time.Time) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range list {
		h := &zip.FileHeader{Name: folder + "/" + f.name, Method: zip.Deflate, Modified: when}
		h.SetMode(os.FileMode(f.mode))
		to, err := w.CreateHeader(h)
		if err != nil {
			return nil, err
		}
		if _, err := io.Copy(to, bytes.NewReader(f.data)); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return b.Bytes(), err
}
