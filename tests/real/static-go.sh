# run: %O/real/goroutines
# A static Go program (tests/real/goroutines.go): goroutines, channels, timers, a mutex.
