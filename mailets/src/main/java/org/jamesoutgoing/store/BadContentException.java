/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.store;


/** The octets are no file of this format, or it holds what cannot be there. Its message is part of a line. */
final class BadContentException extends Exception {
    private static final long serialVersionUID = 1;

    BadContentException(String message) {
        super(message);
    }
}
