// Checks a log of ours with torchwood and golang.org/x/mod: its head by a C2SP tlog-policy, every entry and tile,
// and a tlog-proof of one entry. Usage: interop DIR POLICY PROOF ENTRY-HEX
package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/tlog"
)

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

func main() {
	directory := os.Args[1]
	policy := must(torchwood.ParsePolicy(must(os.ReadFile(os.Args[2]))))
	head, _, err := torchwood.VerifyCheckpoint(must(os.ReadFile(directory+"/checkpoint")), policy)
	must(head, err)

	tiles := must(torchwood.NewTileFS(os.DirFS(directory)))
	client := must(torchwood.NewClient(tiles))
	count := int64(0)
	for range client.AllEntries(context.Background(), head.Tree, 0) {
		count++
	}
	must(count, client.Err())
	if count != head.N {
		fmt.Fprintf(os.Stderr, "%d entries of %d\n", count, head.N)
		os.Exit(1)
	}

	entry := must(hex.DecodeString(os.Args[4]))
	must(0, torchwood.VerifyProof(policy, tlog.RecordHash(entry), must(os.ReadFile(os.Args[3]))))
	fmt.Printf("%s: %d entries, a quorum, and the proof\n", head.Origin, count)
}
