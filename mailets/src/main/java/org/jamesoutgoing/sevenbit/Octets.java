/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;

/** A queue of octets between what writes the converted message and what reads it. Not thread-safe. */
final class Octets {

    private static final byte[] CRLF = {'\r', '\n'};

    private byte[] octets = new byte[4096];
    private int from;
    private int to;

    boolean isEmpty() {
        return from == to;
    }

    void add(int octet) {
        makeRoom(1);
        octets[to++] = (byte) octet;
    }

    void add(byte[] source, int start, int end) {
        makeRoom(end - start);
        System.arraycopy(source, start, octets, to, end - start);
        to += end - start;
    }

    void add(byte[] source) {
        add(source, 0, source.length);
    }

    /** One octet for each character. */
    void add(String text) {
        add(text.getBytes(ISO_8859_1));
    }

    void endLine() {
        add(CRLF);
    }

    /** Takes octets out; returns how many. */
    int take(byte[] target, int offset, int most) {
        int count = Math.min(most, to - from);
        System.arraycopy(octets, from, target, offset, count);
        from += count;
        return count;
    }

    private void makeRoom(int count) {
        if (isEmpty()) {
            from = 0;
            to = 0;
        }
        if (to + count > octets.length) {
            octets = Arrays.copyOf(octets, Math.max(2 * octets.length, to + count));
        }
    }
}
