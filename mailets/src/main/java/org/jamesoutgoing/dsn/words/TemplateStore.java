/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.words;

import java.util.Map;
import java.util.Optional;

/**
 * Where the templates that were made at run time are kept. Thread-safe, and safe against other processes that use the
 * same store. All methods may block.
 */
public interface TemplateStore extends AutoCloseable {
    /**
     * A stored template.
     *
     * @param source as it was put
     * @param revision grows with every change of the store, never used twice
     */
    record Stored(String source, long revision) {}

    /** What a change wants to find. */
    sealed interface Expectation {
        /** Whatever there is. */
        record Any() implements Expectation {}

        /** No template of this name. */
        record Nothing() implements Expectation {}

        /** The template of this name as it was then. */
        record Revision(long number) implements Expectation {}

        /** Whether it is met. */
        default boolean isMetBy(Optional<Stored> found) {
            if (this instanceof Revision revision) {
                return found.filter(stored -> stored.revision() == revision.number())
                        .isPresent();
            }
            return this instanceof Any || found.isEmpty();
        }
    }

    /** Somebody else was faster: what is there is not what was expected. */
    final class ChangedMeanwhileException extends Exception {
        private static final long serialVersionUID = 1;

        public ChangedMeanwhileException(TemplateName name) {
            super("the template " + name + " was changed meanwhile, or is not there");
        }
    }

    /** The store cannot be read or written. It is never overwritten because of that. */
    final class UnusableException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public UnusableException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * All templates, whether they can be used or not.
     *
     * @throws UnusableException when the store cannot be read
     */
    Map<TemplateName, Stored> load();

    /**
     * Creates or replaces a template. When it returns, the change is safe.
     *
     * @throws UnusableException when the store cannot be read or written; nothing has changed
     */
    Stored put(TemplateName name, String source, Expectation expectation) throws ChangedMeanwhileException;

    /**
     * Deletes a template.
     *
     * @return whether there was one
     * @throws UnusableException as {@link #put}
     */
    boolean delete(TemplateName name, Expectation expectation) throws ChangedMeanwhileException;

    /**
     * Calls {@code listener} soon after another process has changed the store, on a thread of the store; now and then also
     * when what changed is known to the listener already.
     */
    void onForeignChange(Runnable listener);

    @Override
    void close();
}
