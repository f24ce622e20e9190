//go:build !unix

package source

func unblockPipe(string) {}
