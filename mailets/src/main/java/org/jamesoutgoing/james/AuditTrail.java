/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.james;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * James's audit trail, which 3.9 has ({@code org.apache.james.util.AuditTrail}, and the logger of that name) and 3.8 has
 * not. Thread-safe.
 */
public final class AuditTrail {

    private static final String NAME = "org.apache.james.util.AuditTrail";
    private static final Logger LOGGER = LoggerFactory.getLogger(AuditTrail.class);

    private final Logger james;
    private final Method entry;
    private final Method protocol;
    private final Method action;
    private final Method parameters;
    private final Method log;

    /** Empty where James has none. */
    public static Optional<AuditTrail> ofJames() {
        try {
            return Optional.of(new AuditTrail(Class.forName(NAME)));
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        } catch (NoSuchMethodException e) {
            LOGGER.warn("James's audit trail is another than that of 3.9, and not written: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /** @param type has the methods of James's */
    public AuditTrail(Class<?> type) throws NoSuchMethodException {
        james = LoggerFactory.getLogger(type);
        entry = type.getMethod("entry");
        Class<?> line = entry.getReturnType();
        protocol = line.getMethod("protocol", String.class);
        action = line.getMethod("action", String.class);
        parameters = line.getMethod("parameters", Supplier.class);
        log = line.getMethod("log", String.class);
    }

    /** Whether James's log configuration has these lines written: that of a stock James has. */
    public boolean isWritten() {
        return james.isInfoEnabled();
    }

    /** One line. Does not block and does not throw. */
    public void write(String inProtocol, String what, Map<String, String> about, String message) {
        try {
            Object line = entry.invoke(null);
            protocol.invoke(line, inProtocol);
            action.invoke(line, what);
            parameters.invoke(line, (Supplier<Map<String, String>>) () -> about);
            log.invoke(line, message);
        } catch (ReflectiveOperationException e) {
            LOGGER.warn("James's audit trail takes no line: {}", e.toString());
        }
    }
}
