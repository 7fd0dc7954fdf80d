"""The engines that gridcase runs on this machine: a Kafka broker and a MongoDB server, each as a child process."""
