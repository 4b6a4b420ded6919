/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.OutputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** 64 KB of a message made fit for DATA: clean line ends and dots; an operation is the 64 KB. */
@State(Scope.Thread)
public class DotStuffingBenchmark {

    private static final int SIZE = 64 * 1024;

    /** {@code CRLF}: as James hands it over; {@code LF}: every line end is to be mended. */
    @Param({"CRLF", "LF"})
    private String lineEnd;

    private final ByteBuf out = Unpooled.buffer(2 * SIZE);
    private byte[] message;

    @Setup
    public void makeMessage() {
        String end = lineEnd.equals("CRLF") ? "\r\n" : "\n";
        String lines =
                ("The quick brown fox jumps over the lazy dog, and over it again." + end).repeat(9) + ".dot" + end;
        message = lines.repeat(SIZE / lines.length() + 1).substring(0, SIZE).getBytes(ISO_8859_1);
    }

    @Benchmark
    public ByteBuf ours() {
        out.clear();
        ContentNormaliser normaliser = new ContentNormaliser(true);
        normaliser.write(message, message.length, out);
        normaliser.finish(out);
        return out;
    }

    /** The same without dots, as for BDAT. */
    @Benchmark
    public ByteBuf oursForBdat() {
        out.clear();
        ContentNormaliser normaliser = new ContentNormaliser(false);
        normaliser.write(message, message.length, out);
        normaliser.finish(out);
        return out;
    }

    /** A filter stream that looks at an octet at a time. */
    @Benchmark
    public ByteBuf naive() throws IOException {
        out.clear();
        try (OutputStream filter = new OctetAtATime(new ByteBufOutputStream(out))) {
            filter.write(message);
        }
        return out;
    }

    /** Mends line ends and doubles leading dots. */
    private static final class OctetAtATime extends OutputStream {

        private final OutputStream target;
        private int last = '\n';

        OctetAtATime(OutputStream target) {
            this.target = target;
        }

        @Override
        public void write(int octet) throws IOException {
            if (octet == '\n' && last != '\r' || octet != '\n' && last == '\r') {
                target.write(octet == '\n' ? '\r' : '\n');
            }
            if (octet == '.' && (last == '\n' || last == '\r')) {
                target.write('.');
            }
            target.write(octet);
            last = octet;
        }
    }
}
