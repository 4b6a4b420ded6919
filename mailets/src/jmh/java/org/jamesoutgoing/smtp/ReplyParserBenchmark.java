/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** The replies to one pipelined mail; an operation is one reply. */
@State(Scope.Thread)
public class ReplyParserBenchmark {

    private static final int REPLIES = 6;

    private static final byte[] OCTETS = ("220 mx.example.test ESMTP\r\n"
                    + "250-mx.example.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SIZE 10240000\r\n250 CHUNKING\r\n"
                    + "250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n550 5.1.1 <b@x.test>: no such user here\r\n"
                    + "250 2.0.0 Ok: queued as 4XyZ1234\r\n")
            .getBytes(ISO_8859_1);

    private static final Pattern LINE = Pattern.compile("(\\d{3})([ -])(.*)");

    private final ByteBuf in = Unpooled.wrappedBuffer(OCTETS);
    private final ReplyParser parser = new ReplyParser(ReplyLimits.defaults());

    @Benchmark
    @OperationsPerInvocation(REPLIES)
    public void ours(Blackhole blackhole) throws BadReplyException {
        in.readerIndex(0);
        while (in.isReadable()) {
            blackhole.consume(parser.parse(in));
        }
    }

    /** Lines and a regular expression, and the same {@link Reply}. */
    @Benchmark
    @OperationsPerInvocation(REPLIES)
    public void naive(Blackhole blackhole) throws IOException {
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(new ByteArrayInputStream(OCTETS), ISO_8859_1), 512);
        List<String> texts = new ArrayList<>();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw new IOException(line);
            }
            texts.add(matcher.group(3));
            if (matcher.group(2).equals(" ")) {
                blackhole.consume(Reply.of(Integer.parseInt(matcher.group(1)), texts));
                texts.clear();
            }
        }
    }
}
