// Children, pipes, signals and timeouts by Go's runtime, which uses clone with CLONE_VFORK, pidfds if it can, and many threads.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"
)

func main() {
	out, err := exec.Command("echo", "hello").Output()
	fmt.Printf("%q %v\n", out, err)
	err = exec.Command("sh", "-c", "exit 7").Run()
	fmt.Println(err)
	_, err = exec.LookPath("no-such-program")
	fmt.Println(err != nil)
	err = exec.Command("/no/such").Run()
	fmt.Println(err)
	cmd := exec.Command("tr", "a-z", "A-Z")
	cmd.Stdin = strings.NewReader("text through a child\n")
	var buf bytes.Buffer
	cmd.Stdout = &buf
	fmt.Println(cmd.Run(), buf.String())
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	fmt.Println(exec.CommandContext(ctx, "sleep", "100").Run())
	var wg sync.WaitGroup
	results := make([]string, 20)
	for i := range results {
		wg.Add(1)
		go func(i int) {
			defer wg.Done()
			b, _ := exec.Command("sh", "-c", fmt.Sprintf("echo %d", i*i)).Output()
			results[i] = strings.TrimSpace(string(b))
		}(i)
	}
	wg.Wait()
	fmt.Println(results)
	ch := make(chan os.Signal, 1)
	signal.Notify(ch, syscall.SIGUSR1)
	syscall.Kill(os.Getpid(), syscall.SIGUSR1)
	fmt.Println(<-ch)
	r, w := io.Pipe()
	go func() { fmt.Fprint(w, "pipe"); w.Close() }()
	b, _ := io.ReadAll(r)
	fmt.Println(string(b))
	c := exec.Command("sleep", "100")
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	fmt.Println(c.Start())
	fmt.Println(syscall.Kill(-c.Process.Pid, syscall.SIGTERM))
	fmt.Println(c.Wait())
	os.Exit(9)
}
