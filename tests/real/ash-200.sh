# run: busybox sh @
for i in $(seq 200); do busybox true; done
ls -l / | wc -l
(sleep 0.2; echo bg) & wait; echo $?
