"""What is told of a plan: lines and sentences, what will happen, what a change will bring."""
