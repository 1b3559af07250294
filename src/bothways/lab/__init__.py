"""The network in a box: real kernels, a planted fault, and the evidence that it leaves behind."""
