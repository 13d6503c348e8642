// The server as it is pinned, with Go's profiler on PPROF_ADDRESS: npm run engine:profile builds and runs it.
package main

import (
	"context"
	"log"
	"net/http"
	_ "net/http/pprof"
	"os"

	"github.com/temporalio/cli/internal/temporalcli"

	_ "modernc.org/sqlite"
	_ "time/tzdata"
)

func main() {
	go func() { log.Print(http.ListenAndServe(os.Getenv("PPROF_ADDRESS"), nil)) }()
	temporalcli.Execute(context.Background(), temporalcli.CommandOptions{})
}
