/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What only somebody who knows a store's file from within can do to it. */
public final class Stores {

    private Stores() {}

    /** Changes the content, and makes the checksum right. */
    public static void rewrite(Path file, String old, String replacement) throws Exception {
        String text = Files.readString(file);
        String content = text.substring(StoreFormat.HEAD, text.length() - 3);
        assertThat(content).contains(old);
        Files.write(file, StoreFormat.seal(1, content.replace(old, replacement).getBytes(StandardCharsets.UTF_8)));
    }
}
