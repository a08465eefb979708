// Goroutines, channels, timers, a mutex, garbage: what a static Go program asks of threads, futexes and signals.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"
)

func main() {
	var wg sync.WaitGroup
	var mu sync.Mutex
	sum := 0
	ch := make(chan int, 8)
	for i := 0; i < 100; i++ {
		wg.Add(1)
		go func(i int) {
			defer wg.Done()
			b := make([]byte, 100000)
			b[i] = 1
			ch <- i
			mu.Lock()
			sum += i
			mu.Unlock()
		}(i)
	}
	got := 0
	go func() { wg.Wait(); close(ch) }()
	for range ch {
		got++
	}
	fmt.Println("goroutines", got, "sum", sum)
	start := time.Now()
	tick := time.NewTicker(5 * time.Millisecond)
	for i := 0; i < 10; i++ {
		<-tick.C
	}
	tick.Stop()
	d := time.Since(start)
	fmt.Println("ten ticks at least 45 ms:", d >= 45*time.Millisecond)
	select {
	case <-time.After(10 * time.Millisecond):
		fmt.Println("timeout")
	}
	runtime.GC()
	go func() {
		for { // preempted by a signal only
		}
	}()
	time.Sleep(20 * time.Millisecond)
	_, err := os.ReadFile("/nonexistent")
	fmt.Println(err)
	os.Exit(5)
}
