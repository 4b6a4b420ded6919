/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where the static routes that were made at run time are kept. Thread-safe, and safe against other processes that use the
 * same store. All methods may block.
 */
public interface RouteStore extends AutoCloseable {

    /**
     * A stored route.
     *
     * @param revision grows with every change of the store, never used twice
     */
    record Stored(OptionValues values, long revision) {}

    /** What a change wants to find. */
    sealed interface Expectation {
        /** Whatever there is. */
        record Any() implements Expectation {}

        /** No route of this name. */
        record Nothing() implements Expectation {}

        /** The route of this name as it was then. */
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

        public ChangedMeanwhileException(RouteName name) {
            super("the route " + name + " was changed meanwhile, or is not there");
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
     * All routes.
     *
     * @throws UnusableException when the store cannot be read, or holds what cannot be a route
     */
    Map<RouteName, Stored> load();

    /**
     * Creates or replaces a route. When it returns, the change is safe.
     *
     * @param check is given all routes as they would be then, while no other process can change them; what it throws ends
     *     the change, and nothing has changed
     * @throws UnusableException when the store cannot be read or written; nothing has changed
     */
    Stored put(RouteName name, OptionValues values, Expectation expectation, Consumer<Map<RouteName, Stored>> check)
            throws ChangedMeanwhileException;

    /**
     * Deletes a route.
     *
     * @param check as with {@link #put}; not asked where there is nothing to delete
     * @return whether there was one
     * @throws UnusableException as {@link #put}
     */
    boolean delete(RouteName name, Expectation expectation, Consumer<Map<RouteName, Stored>> check)
            throws ChangedMeanwhileException;

    /**
     * Calls {@code listener} soon after another process has changed the store, on a thread of the store; now and then also
     * when what changed is known to the listener already.
     */
    void onForeignChange(Runnable listener);

    @Override
    void close();
}
