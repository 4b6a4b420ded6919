/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A thousand messages are converted, or refused, as they have been before: {@code corpus.txt} has for each of them the digest of
 * the message, and that of what it becomes or why it is refused. If another conversion is meant, what the test leaves in
 * {@code target} takes that file's place.
 */
class CorpusTest {

    private static final int MESSAGES = 1000;

    @Test
    void everyMessageIsConvertedAsBefore() throws Exception {
        List<String> results = new ArrayList<>();
        for (int seed = 0; seed < MESSAGES; seed++) {
            results.add(seed + " " + result(Messages.octets(Corpus.message(seed))));
        }
        Files.write(Path.of("target", "corpus.txt"), results, UTF_8);
        assertThat(results).isEqualTo(before());
    }

    private static String result(byte[] message) throws IOException, NoSuchAlgorithmException {
        String original = digest(message);
        try {
            SevenBitMessage converted = Messages.converted(message);
            byte[] octets = converted.open().readAllBytes();
            return original
                    + (MessageDigest.isEqual(octets, message) ? " as it is" : " " + digest(octets))
                    + (converted.breaksDkim() ? " DKIM" : "")
                    + (converted.breaksSignedPart() ? " signed" : "");
        } catch (NotConvertibleException e) {
            return original + " " + e.getMessage();
        }
    }

    private static String digest(byte[] octets) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets), 0, 10);
    }

    private static List<String> before() throws IOException {
        try (InputStream in = CorpusTest.class.getResourceAsStream("corpus.txt")) {
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        }
    }
}
