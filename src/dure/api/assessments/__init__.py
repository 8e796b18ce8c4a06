"""Tests over HTTP: banks and exams, interviews."""
