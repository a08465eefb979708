# run: %O/real/goexec
