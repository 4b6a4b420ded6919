/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.james;

import com.google.inject.Inject;
import com.google.inject.Injector;
import java.util.Optional;
import org.apache.mailet.Mail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The James that this JAR runs in, for classes that James makes. To have it is to know that the JAR is the right one.
 * Thread-safe.
 */
public final class RunningJames {

    private static final Logger LOGGER = LoggerFactory.getLogger(RunningJames.class);
    /** What this JAR is for. The build renames it, as every other name, in the JAR for James 3.9. */
    private static final String MESSAGE = "javax.mail.internet.MimeMessage";

    private final Injector injector;

    /** @param injector the one that knows {@code OutgoingModule}, if James knows it */
    @Inject
    RunningJames(Injector injector) {
        check();
        this.injector = injector;
    }

    /** A part of James or of this JAR. */
    public <T> T get(Class<T> type) {
        return injector.getInstance(type);
    }

    /**
     * Logs one line, and throws it, when James is of a version that needs our other JAR.
     *
     * @throws IllegalStateException with that line
     */
    public static void check() {
        check(Mail.class);
    }

    /** @param mail James's interface of this name */
    static void check(Class<?> mail) {
        String message;
        try {
            message = mail.getMethod("getMessage").getReturnType().getName();
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("a James without Mail.getMessage is not known", e);
        }
        if (!message.equals(MESSAGE)) {
            String line = wrongJar(MESSAGE.startsWith("jakarta."));
            LOGGER.error("{}", line);
            throw new IllegalStateException(line);
        }
    }

    private static String wrongJar(boolean isForNewer) {
        String version = Optional.ofNullable(RunningJames.class.getPackage().getImplementationVersion())
                .orElse("<version>");
        String older = "james-outgoing-" + version + ".jar";
        String newer = "james-outgoing-" + version + "-james39.jar";
        return isForNewer
                ? newer + " is for James 3.9, and this is James 3.8: put " + older + " in its place in extensions-jars/"
                : older + " is for James 3.8, and this is a newer James: put " + newer
                        + " in its place in extensions-jars/";
    }
}
