/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.store;

/** The store cannot be read or written. It is never overwritten because of that. */
public final class UnusableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message one line that names the store */
    public UnusableException(String message, Throwable cause) {
        super(message, cause);
    }
}
