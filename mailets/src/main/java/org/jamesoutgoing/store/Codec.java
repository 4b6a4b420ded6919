/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.store;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How one kind of value stands in the file of a {@link JsonStore}. Thread-safe, without state.
 *
 * <p>What is read is either exactly what was written, or refused: both readers throw {@link IllegalArgumentException} with a
 * message of one line, without a secret, that can follow the name of the value and a colon.
 */
public interface Codec<K, V> {

    /**
     * The words of messages and of the file.
     *
     * @param one {@code route}, in "the route store … cannot be read"
     * @param many {@code routes}, in "… to have no run-time routes"; also the field with all of them
     * @param name the field with the name of one, {@code domain}
     * @param value the field with its value, {@code options}
     */
    record Words(String one, String many, String name, String value) {}

    Words words();

    /** The one way to write this name; no two names are written alike. */
    String nameToText(K name);

    /** @throws IllegalArgumentException when this is no such name */
    K nameFromText(String text);

    JsonNode valueToJson(V value);

    /**
     * @param name of the value, which may decide what is allowed
     * @throws IllegalArgumentException when this is no such value
     */
    V valueFromJson(K name, JsonNode json);
}
