package client_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"

	"collateral/client"
)

func ExampleClient() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"accepted": 1, "duplicates": 0, "rejected": []}`)
	}))
	defer server.Close()
	folder, err := os.MkdirTemp("", "uses") // a program has one of its own, that stays
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)

	c, err := client.New(server.URL, "ct_from-the-account-page",
		client.InFolder(folder),
		client.OnRejected(func(u client.Use, reason string) { fmt.Println("not taken:", u.AssetID, reason) }))
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- c.Run(ctx) }() // sends for as long as the program runs

	// A call has ended in which the deck was shown.
	err = c.Report(ctx, client.Use{AssetID: "01980000-0000-7000-8000-000000000001", Kind: client.Present, Opportunity: "Lindqvist depots"})
	if err != nil {
		fmt.Println(err)
	}

	// At the end of the program; what cannot be sent by then waits in the folder.
	err = c.Flush(ctx)
	fmt.Println("waiting:", c.Waiting(), err)
	stop()
	fmt.Println(<-ran, c.Close())
	// Output:
	// waiting: 0 <nil>
	// <nil> <nil>
}
