/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Records of settings as a test wants them. */
public final class Changed {

    private Changed() {}

    /**
     * The same record with other values of some components.
     *
     * @param change name and value of each of them; the value of an {@code Optional} stands for itself
     */
    @SuppressWarnings("unchecked")
    public static <R extends Record> R of(R record, Object... change) {
        Map<String, Object> changes = new LinkedHashMap<>();
        for (int at = 0; at < change.length; at += 2) {
            changes.put((String) change[at], change[at + 1]);
        }
        RecordComponent[] components = record.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        try {
            for (int at = 0; at < values.length; at++) {
                RecordComponent component = components[at];
                Object value = changes.containsKey(component.getName())
                        ? changes.remove(component.getName())
                        : component.getAccessor().invoke(record);
                boolean bare = component.getType() == Optional.class && !(value instanceof Optional);
                values[at] = bare ? Optional.of(value) : value;
            }
            assertThat(changes.keySet()).as("no components of it").isEmpty();
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return (R) record.getClass().getConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw new AssertionError(e);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
